-- Runs inside Neovim, after the configuration of the page. Does what a person does, and writes what
-- it saw to standard output; the last line is OK, or FAILED with the reason and the state of things.

local buffer

local function say(...)
  local words = vim.tbl_map(function(word)
    return type(word) == 'string' and word or vim.inspect(word)
  end, { ... })
  io.stdout:write(table.concat(words, ' ') .. '\n')
end

local function describe(diagnostic)
  return ('%d:%d %s %s: %s'):format(
    diagnostic.lnum + 1,
    diagnostic.col + 1,
    vim.diagnostic.severity[diagnostic.severity],
    diagnostic.code or '?',
    diagnostic.message
  )
end

local function codes()
  return vim.tbl_map(function(diagnostic)
    return diagnostic.code
  end, vim.diagnostic.get(buffer))
end

local function dump()
  say('--- buffer')
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)) do
    say(('%3d %s'):format(number, line))
  end
  say('--- diagnostics')
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    say(describe(diagnostic))
  end
  say('--- clients')
  for _, client in ipairs(vim.lsp.get_clients()) do
    say(client.name, 'pending:', client.requests or {})
  end
  say('--- messages')
  say(vim.api.nvim_exec2('messages', { output = true }).output)
  say('--- log')
  local log = io.open(vim.lsp.log.get_filename())
  say(log and log:read('a') or 'none')
end

local function wait(what, done)
  if not vim.wait(30000, done, 10) then
    error('waited in vain: ' .. what, 0)
  end
  say('ok:', what)
end

local function has(code)
  return vim.list_contains(codes(), code)
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'tx', false)
end

local function line(number)
  return vim.api.nvim_buf_get_lines(buffer, number - 1, number, false)[1]
end

local function act(filter)
  vim.lsp.buf.code_action({ apply = true, filter = filter })
end

local function main()
  vim.cmd.edit('pyproject.toml')
  buffer = vim.api.nvim_get_current_buf()
  wait('diagnostics appear', function()
    return has('duplicate-keyword') and has('readme-missing') and has('toml-syntax') == false
  end)
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    say(describe(diagnostic))
  end

  -- a quick fix, asked for with the cursor anywhere on the line
  vim.api.nvim_win_set_cursor(0, { 5, 0 })
  act(function(action)
    return action.title:find('^Remove') ~= nil
  end)
  wait('the fix is applied', function()
    return line(5) == 'keywords = ["é😀", "a"]  # kept'
  end)
  wait('its diagnostic goes', function()
    return not has('duplicate-keyword')
  end)

  -- a file that appears
  vim.fn.writefile({ '# Demo' }, 'README.md')
  vim.cmd('silent write')
  wait('the missing readme is there', function()
    return not has('readme-missing')
  end)

  -- a fault that is typed, behind characters that take two code units
  vim.api.nvim_win_set_cursor(0, { 5, 0 })
  type_keys('f]i, "a"<Esc>')
  assert(line(5) == 'keywords = ["é😀", "a", "a"]  # kept', line(5))
  wait('a typed fault is shown', function()
    return has('duplicate-keyword')
  end)
  local found = vim.tbl_filter(function(diagnostic)
    return diagnostic.code == 'duplicate-keyword'
  end, vim.diagnostic.get(buffer))[1]
  local shown = line(5):sub(found.col + 1, found.end_col)
  assert(shown == '"a"' and found.col > 20, 'the wrong place: ' .. shown .. ' at ' .. found.col)
  say('ok: it is shown at its place')

  type_keys('Go[tool.demo<Esc>')
  wait('a typed syntax error is shown', function()
    return has('toml-syntax')
  end)
  type_keys('u')
  wait('undo takes it away', function()
    return not has('toml-syntax')
  end)

  act(function(action)
    return action.kind == 'source.fixAll.pyproject-ls'
  end)
  wait('all is fixed at once', function()
    return #codes() == 0
  end)
end

local passed, problem = xpcall(main, function(problem)
  return type(problem) == 'string' and problem or vim.inspect(problem)
end)
if not passed then
  pcall(dump)
end
for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop()
end
local stopped = vim.wait(10000, function()
  return #vim.lsp.get_clients() == 0
end, 10)
if passed and not stopped then
  passed, problem = false, 'the server does not stop'
end
say(passed and 'OK' or 'FAILED ' .. problem)
vim.cmd(passed and 'qa!' or 'cq!')
