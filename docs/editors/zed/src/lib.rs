//! Starts the `pyproject-ls` that is on the path, with the settings of `lsp.pyproject-ls`.

use zed_extension_api::{self as zed, serde_json, settings::LspSettings};

struct PyprojectLs;

impl zed::Extension for PyprojectLs {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _server: &zed::LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<zed::Command> {
        let command = worktree
            .which("pyproject-ls")
            .ok_or("pyproject-ls is not on the path; install it with pipx or uv")?;
        Ok(zed::Command {
            command,
            args: vec!["serve".into()],
            env: worktree.shell_env(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &zed::LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<Option<serde_json::Value>> {
        Ok(LspSettings::for_worktree(server.as_ref(), worktree)?.initialization_options)
    }
}

zed::register_extension!(PyprojectLs);
