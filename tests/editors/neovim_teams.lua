-- Opens the projects of ../teams.py in the Neovim whose program is the first argument, with the
-- configuration that is the second, and writes what it shows of each into `<project>/shown.json`.

local driver = dofile(vim.fs.dirname(arg[0]) .. '/neovim_driver.lua')(arg[1], arg[2])

local function main()
  for index = 3, #arg do
    local project = arg[index]
    driver.ask('vim.cmd.edit(...)', project .. '/pyproject.toml')
    driver.wait('findings of ' .. project, 'return #vim.diagnostic.get(0) > 0')
    local shown = driver.ask([[
      return vim.json.encode(vim.tbl_map(function(shown)
        return shown.user_data.lsp
      end, vim.diagnostic.get(0)))
    ]])
    vim.fn.writefile({ shown }, project .. '/shown.json')
  end
end

driver.finish(main)
