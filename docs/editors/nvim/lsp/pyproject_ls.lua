-- Neovim 0.11 and newer: what `vim.lsp.enable('pyproject_ls')` starts, in every pyproject.toml.

---@type vim.lsp.Config
return {
  cmd = { 'pyproject-ls', 'serve' },
  filetypes = { 'toml' },
  root_markers = { 'pyproject.toml' },
  on_attach = function(client, buffer)
    require('pyproject_ls').on_attach(client, buffer)
  end,
}
