;;; emacs_story.el --- the story of story.py in eglot or lsp-mode -*- lexical-binding: t; -*-

;; Runs in batch after the configuration of the page. The variable CLIENT in the environment says
;; which of the two is meant. The last line is OK, or FAILED with the reason.

(require 'cl-lib)
(require 'seq)
(require 'flymake)

(defconst eglot-p (equal (getenv "CLIENT") "eglot"))

;; Debian makes the autoloads of lsp-mode when it is installed; here it has only been unpacked.
(mapc #'require
      (if eglot-p
          '(eglot)
        '(lsp-mode lsp-lens lsp-completion lsp-diagnostics lsp-headerline lsp-modeline)))
(setq eglot-sync-connect t
      eglot-connect-timeout 30
      lsp-auto-guess-root t
      lsp-guess-root-without-session t
      lsp-warn-no-matched-clients nil
      lsp-enable-file-watchers nil
      lsp-enable-snippet nil
      lsp-diagnostics-provider :none
      lsp-completion-provider :none)

(defun say (&rest words)
  (princ (concat (mapconcat (lambda (word) (format "%s" word)) words " ") "\n")))

(defun wait-for (what done)
  "Wait until DONE returns something, and return it."
  (let ((end (+ (float-time) 30)) result)
    (while (not (setq result (funcall done)))
      (when (> (float-time) end)
        (error "Waited in vain for %s\n%s" what (buffer-string)))
      (accept-process-output nil 0.05))
    (say "ok:" what)
    result))

(defun has (text)
  (save-excursion (goto-char (point-min)) (search-forward text nil t)))

(defun go (text)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun errors ()
  "Tell whether there are faults, and all of them are errors."
  (if eglot-p
      (let ((found (flymake-diagnostics)))
        (flymake-start)
        (and found (cl-every (lambda (each) (eq (flymake-diagnostic-type each) 'eglot-error)) found)))
    (let ((found (apply #'append (hash-table-values (lsp-diagnostics)))))
      (and found (cl-every (lambda (each) (eq (gethash "severity" each) 1)) found)))))

(defun tell-changes ()
  "Tell the server now what it would be told when Emacs is idle, which it never is in batch."
  (if eglot-p (eglot--signal-textDocument/didChange) (lsp--flush-delayed-changes)))

(defun completions ()
  (let ((found (run-hook-with-args-until-success 'completion-at-point-functions)))
    (all-completions (buffer-substring (nth 0 found) (nth 1 found)) (nth 2 found))))

(defun hover ()
  (if eglot-p
      (let ((found (jsonrpc-request (eglot-current-server) :textDocument/hover
                                    (eglot--TextDocumentPositionParams))))
        (plist-get (plist-get found :contents) :value))
    (let ((found (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
      (gethash "value" (gethash "contents" found)))))

(defun fix ()
  "Take the quick fix at point."
  (if eglot-p
      (let ((found (eglot-code-actions (point) (1+ (point)) "quickfix")))
        (eglot-execute (eglot-current-server)
                       (cl-find-if (lambda (each) (string-prefix-p "Remove" (plist-get each :title)))
                                   found)))
    (lsp-execute-code-action
     (cl-find-if (lambda (each) (string-prefix-p "Remove" (gethash "title" each)))
                 (lsp-code-actions-at-point)))))

(defun story ()
  (say emacs-version (getenv "CLIENT"))
  (find-file "pyproject.toml")
  (setq-local eglot-confirm-server-edits nil)
  (when eglot-p (wait-for "the server" (lambda () (run-hooks 'post-command-hook) (eglot-current-server))))
  (wait-for "the fault, as grave as the settings say" #'errors)

  (go "requires-python")
  (insert "licen\n")
  (backward-char)
  (unless (member "license" (completions)) (error "No completion: %S" (completions)))
  (say "ok: completion")
  (delete-region (line-beginning-position) (1+ (line-end-position)))
  (tell-changes)

  (go "requires-python")
  (unless (string-match-p "Python" (hover)) (error "The hover says %s" (hover)))
  (say "ok: hover")

  (go "\"parcels\"]")
  (fix)
  (wait-for "the fix" (lambda () (has "keywords = [\"parcels\"]  # kept")))

  (tell-changes)
  (pyproject-ls-bump "minor")
  (wait-for "the next version" (lambda () (has "version = \"1.1.0\""))))

(condition-case problem
    (progn (story) (say "OK"))
  (error (say "FAILED" (error-message-string problem))))
(set-buffer-modified-p nil)
(ignore-errors (if eglot-p (eglot-shutdown (eglot-current-server) nil 5) (lsp-workspace-shutdown (car (lsp-workspaces)))))
(kill-emacs 0)
