"""What a person does in VS Code, by mouse and keyboard, with a picture of each step."""
