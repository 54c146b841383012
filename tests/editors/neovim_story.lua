-- The story of story.py in the Neovim whose program is the first argument, with the configuration
-- that is the second. `nvim -l` runs this; the last line is OK, or FAILED with the reason.

local driver = dofile(vim.fs.dirname(arg[0]) .. '/neovim_driver.lua')(arg[1], arg[2])
local say, ask, press, wait, same = driver.say, driver.ask, driver.press, driver.wait, driver.same

local function complete_command(line)
  return ask('return vim.fn.getcompletion(..., "cmdline")', line)
end

local function main()
  say(ask('return vim.fn.execute("version")'):match('NVIM [^\n]+'))
  ask('vim.cmd("edit pyproject.toml")')

  wait('the fault, as grave as the settings say', [[
    local found = vim.diagnostic.get(0)
    return #found == 1 and found[1].severity == vim.diagnostic.severity.ERROR
  ]])

  driver.go('requires-python')
  press('Olicen<C-x><C-o>')
  driver.choose('license')
  wait('the completed key', function()
    return driver.has('license')
  end)
  press('<Esc>')
  ask('vim.cmd("silent edit!")')

  wait('the keys of the page', 'return vim.fn.maparg("K", "n") ~= ""')
  driver.go('requires-python')
  press('K')
  local text = wait('a hover', driver.floating)
  assert(text:find('Python', 1, true), text)
  press('<Esc>jk')

  -- a person chooses from the list of actions
  ask([[
    vim.ui.select = function(items, options, done)
      for _, item in ipairs(items) do
        if vim.startswith(options.format_item(item), 'Remove') then
          return done(item)
        end
      end
    end
  ]])
  driver.go('"parcels"]')
  ask('vim.lsp.buf.code_action()')
  wait('the fix', function()
    return driver.has('keywords = ["parcels"]  # kept')
  end)

  assert(vim.tbl_contains(complete_command('Pyproject '), 'lock'))
  same('completed commands', complete_command('Pyproject b'), { 'bump' })
  same('completed arguments', complete_command('Pyproject bump mi'), { 'minor' })
  assert(vim.tbl_contains(complete_command('Pyproject add reques'), 'requests'))
  ask('vim.cmd("Pyproject bump minor")')
  wait('the next version', function()
    return driver.has('version = "1.1.0"')
  end)
end

driver.finish(main)
