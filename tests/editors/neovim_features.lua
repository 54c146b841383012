-- Everything that a server can do for Neovim 0.11, with the configuration of the page. `nvim -l` runs
-- this; the last line is OK, or FAILED with the reason.

local driver = dofile(vim.fs.dirname(arg[0]) .. '/neovim_driver.lua')(vim.v.progpath, arg[1])
local say, ask, press, lines = driver.say, driver.ask, driver.press, driver.lines
local wait, same, place, has = driver.wait, driver.same, driver.place, driver.has
local go, choose = driver.go, driver.choose

local function complete()
  ask('vim.lsp.completion.get()')
end

local function act(title)
  ask(
    [[
      local title = ...
      vim.lsp.buf.code_action({
        apply = true,
        filter = function(action)
          return vim.startswith(action.title, title)
        end,
      })
    ]],
    title
  )
end

local function undo_all()
  press('<Esc>')
  ask('vim.cmd("silent edit!")')
  wait('the server is there', 'return #vim.lsp.get_clients({ bufnr = 0 }) == 1')
end

local function main()
  ask('vim.cmd.edit("pyproject.toml")')
  wait('the server is there', 'return #vim.lsp.get_clients({ bufnr = 0 }) == 1')

  -- completion: a key with its snippet, then the value inside of the quotes
  ask([[vim.cmd('silent g/^license =/d') vim.cmd('silent g/^classifiers =/d')]])
  go('version = ')
  press('olicen')
  wait('letters are typed', 'return vim.api.nvim_get_current_line() == "licen"')
  complete()
  choose('license')
  wait('the key and its quotes', 'return vim.api.nvim_get_current_line() == [[license = ""]]')
  press('MI')
  wait('letters are typed', 'return vim.api.nvim_get_current_line() == [[license = "MI"]]')
  complete()
  choose('MIT')
  wait('the value', 'return vim.api.nvim_get_current_line() == [[license = "MIT"]]')
  press('<Esc>')
  -- a menu that comes by itself
  go('license = ')
  press('oclassifiers = ["')
  choose('Topic ::')
  wait('its first part', [[
    return vim.startswith(vim.api.nvim_get_current_line(), 'classifiers = ["Topic :: "')
  ]])
  press('Util')
  complete()
  choose('Utilities')
  wait(
    'the classifier',
    'return vim.startswith(vim.api.nvim_get_current_line(), [[classifiers = ["Topic :: Utilities"]])'
  )
  press('<Esc>')
  -- a header
  ask('vim.cmd("silent edit!")')
  wait('the server is there', 'return #vim.lsp.get_clients({ bufnr = 0 }) == 1')
  press('Go[proj')
  wait('letters are typed', 'return vim.startswith(vim.api.nvim_get_current_line(), "[proj")')
  complete()
  choose('project.urls')
  wait('the header', 'return vim.api.nvim_get_current_line() == "[project.urls]"')
  undo_all()

  -- hover
  go('requests>=2.31')
  ask('vim.lsp.buf.hover()')
  local text = wait('a hover', driver.floating)
  say(text)
  assert(text:find('requests', 1, true) and text:find('2.32.3', 1, true), 'the hover says ' .. text)
  press('jk')

  -- inlay hints
  local hints = wait('inlay hints', [[
    local found = vim.lsp.inlay_hint.get({ bufnr = 0 })
    return #found > 0 and vim.tbl_map(function(each) return each.inlay_hint.label end, found)
  ]])
  assert(vim.tbl_contains(hints, '2.32.3'), vim.inspect(hints))

  -- semantic tokens
  local number, column = place('requests>=2.31')
  wait('semantic tokens', [[
    local row, column = ...
    local found = vim.lsp.semantic_tokens.get_at_pos(0, row, column)
    return found and #found > 0 and found[1].type == 'namespace'
  ]], number - 1, column)

  -- symbols, of the file and of the workspace
  local listed = [[
    _G.listed = nil
    local function on_list(list) _G.listed = list.items end
  ]]
  ask(listed .. 'vim.lsp.buf.document_symbol({ on_list = on_list })')
  local symbols = wait('symbols', 'return _G.listed')
  local names = vim.tbl_map(function(each) return each.text end, symbols)
  assert(vim.tbl_contains(names, '[Package] requests'), vim.inspect(names))
  ask(listed .. 'vim.lsp.buf.workspace_symbol("near", { on_list = on_list })')
  symbols = wait('symbols of the workspace', 'return _G.listed')
  assert(#symbols > 0 and symbols[1].filename:find('pyproject.toml'), vim.inspect(symbols))

  -- references and highlights
  go('source = "corp"', #'source = "')
  ask(listed .. 'vim.lsp.buf.references(nil, { on_list = on_list })')
  same('references', #wait('a list', 'return _G.listed'), 2)
  ask('vim.lsp.buf.document_highlight()')
  wait('highlights', [[
    local space = vim.api.nvim_get_namespaces()['nvim.lsp.references']
    return space and #vim.api.nvim_buf_get_extmarks(0, space, 0, -1, {}) == 2
  ]])

  -- folds
  ask('vim.wo.foldmethod, vim.wo.foldexpr = "expr", "v:lua.vim.lsp.foldexpr()"')
  go('[project]')
  wait('folds', 'return vim.fn.foldlevel(vim.fn.line(".")) == 1')
  ask('vim.wo.foldmethod = "manual" vim.cmd("normal! zE")')

  -- what Neovim has no command for
  for method, more in pairs({
    ['textDocument/documentLink'] = {},
    ['textDocument/selectionRange'] = { positions = { { line = 1, character = 1 } } },
  }) do
    local count = ask(
      [[
        local method, more = ...
        local uri = vim.uri_from_bufnr(0)
        local params = vim.tbl_extend('force', { textDocument = { uri = uri } }, more)
        local found = vim.lsp.buf_request_sync(0, method, params, 5000)
        local _, answer = next(found)
        return answer.result and #answer.result or 0
      ]],
      method,
      more
    )
    assert(count > 0, method .. ' finds nothing')
    say('ok:', method)
  end

  -- definition: a group in this file, and a function in another one
  local declared = place('test = [')
  go('include-group = "test"', #'include-group = "')
  ask('vim.lsp.buf.definition()')
  wait('the group', 'return vim.fn.line(".") == ...', declared)
  go('demo.cli:main', #'demo.cli:')
  ask('vim.lsp.buf.definition()')
  wait('the function', [[
    return vim.endswith(vim.api.nvim_buf_get_name(0), 'demo/cli.py')
      and vim.startswith(vim.api.nvim_get_current_line(), 'def main')
  ]])
  press('<C-o>')
  wait('the way back', 'return vim.endswith(vim.api.nvim_buf_get_name(0), "demo/pyproject.toml")')

  -- rename
  go('include-group = "test"', #'include-group = "')
  ask('vim.lsp.buf.rename("tests")')
  wait('the new name where it is used', function()
    return has('dev = [{ include-group = "tests" }, "ruff"]')
  end)
  same('and where it is declared', (lines())[declared], 'tests = ["pytest>=8"]')
  undo_all()

  -- code actions: a rewrite, and the migration
  go('requests>=2.31')
  act('Pin `requests`')
  wait('a rewrite', function()
    return has('    "requests==2.32.3; python_version')
  end)
  undo_all()
  ask('vim.cmd.edit("../old/pyproject.toml")')
  wait('the server is there', 'return #vim.lsp.get_clients({ bufnr = 0 }) == 1')
  act('Migrate this file')
  wait('the migration', function()
    return has('[project]') and has('name = "old"  # kept')
  end)
  press('u')
  wait('one step takes it back', function()
    return not has('[project]')
  end)

  -- formatting
  ask('vim.cmd("silent edit! ../demo/pyproject.toml")')
  ask('vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# a", "" })')
  ask('vim.lsp.buf.format({ timeout_ms = 10000 })')
  same('formatting', (lines())[1], '# formatted')
end

driver.finish(main)
