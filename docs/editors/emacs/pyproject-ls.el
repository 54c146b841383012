;;; pyproject-ls.el --- pyproject-ls for eglot and lsp-mode -*- lexical-binding: t; -*-

;;; Commentary:

;; Starts pyproject-ls in files named pyproject.toml, and gives its commands names.
;; What is left out and cannot be done without, the server asks for.

;;; Code:

(require 'browse-url)

(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function lsp-request "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-register-custom-settings "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(defvar eglot-server-programs)

(defvar pyproject-ls-options nil
  "Settings for the server in lsp-mode, as a property list.")

(defun pyproject-ls-file-p (&optional name &rest _)
  "Tell whether the file NAME, by default the buffer's, is a pyproject.toml."
  (equal (file-name-nondirectory (or name buffer-file-name "")) "pyproject.toml"))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((conf-toml-mode toml-ts-mode) . ("pyproject-ls" "serve"))))

(with-eval-after-load 'lsp-mode
  ;; lsp-mode answers the server's questions from settings that are registered one by one.
  (dolist (key '("profile" "select" "extendSelect" "presets" "ignore" "severity" "lock" "inlayHints"
                 "completion" "index" "offline" "trusted" "resolve" "tool" "poetry" "uv" "logLevel"))
    (let ((keyword (intern (concat ":" key))))
      (lsp-register-custom-settings
       (list (list (concat "pyproject-ls." key)
                   (lambda () (plist-get pyproject-ls-options keyword)))))))
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection '("pyproject-ls" "serve"))
    :activation-fn #'pyproject-ls-file-p
    :language-id "toml"
    :add-on? t
    :initialization-options (lambda () pyproject-ls-options)
    :server-id 'pyproject-ls)))

(defun pyproject-ls-execute (command &rest arguments)
  "Have the server execute COMMAND with ARGUMENTS, a property list, for this file.
Values that are nil or empty are left out."
  (let ((given (list :uri (browse-url-file-url (file-truename buffer-file-name)))))
    (while arguments
      (let ((key (pop arguments)) (value (pop arguments)))
        (unless (member value '(nil "" []))
          (setq given (plist-put given key value)))))
    (let ((params (list :command (concat "pyproject-ls." command) :arguments (vector given))))
      (if (bound-and-true-p lsp-mode)
          ;; not `lsp-request': that forgets what comes in one piece with the answer, as an edit does
          (lsp-request-async "workspace/executeCommand" params #'ignore
                             :error-handler (lambda (problem) (message "%s" (lsp:json-error-message problem)))
                             :mode 'detached)
        (jsonrpc-request (eglot-current-server) :workspace/executeCommand params)))))

(defun pyproject-ls-lock (&optional regenerate)
  "Write the lock file; with a prefix argument (REGENERATE) from scratch."
  (interactive "P")
  (pyproject-ls-execute "lock" :mode (if regenerate "regenerate" "keep")))

(defun pyproject-ls-preview-lock ()
  "Show what locking would change."
  (interactive)
  (pyproject-ls-execute "previewLock"))

(defun pyproject-ls-add (name &optional constraint group)
  "Add the dependency NAME with a CONSTRAINT to a GROUP; empty: what fits, the main ones."
  (interactive "sPackage: \nsConstraint (empty: what fits): \nsGroup (empty: main): ")
  (pyproject-ls-execute "addDependency" :name name :constraint constraint :group group))

(defun pyproject-ls-remove (&optional name)
  "Remove the dependency NAME."
  (interactive)
  (pyproject-ls-execute "removeDependency" :name name))

(defun pyproject-ls-update (&rest names)
  "Update NAMES in the lock file, by default all."
  (interactive)
  (pyproject-ls-execute "update" :names (vconcat names)))

(defun pyproject-ls-install (&rest groups)
  "Install the project with GROUPS."
  (interactive)
  (pyproject-ls-execute "install" :groups (vconcat groups)))

(defun pyproject-ls-export (&optional format)
  "Export the lock file as FORMAT."
  (interactive)
  (pyproject-ls-execute "export" :format format))

(defun pyproject-ls-tree ()
  "Show the tree of dependencies."
  (interactive)
  (pyproject-ls-execute "dependencyTree"))

(defun pyproject-ls-why (&optional name)
  "Show who needs the package NAME."
  (interactive)
  (pyproject-ls-execute "why" :name name))

(defun pyproject-ls-bump (&optional part)
  "Raise PART of the version: patch, minor, major or prerelease."
  (interactive)
  (pyproject-ls-execute "bumpVersion" :part part))

(provide 'pyproject-ls)
;;; pyproject-ls.el ends here
