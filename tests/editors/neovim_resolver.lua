-- Runs inside Neovim, after the configuration of the page: the whole loop of a dependency. It is
-- added, a conflict is typed, found and fixed, and all is locked and installed. The last line of
-- standard output is OK, or FAILED with the reason and the state of things.

local buffer
local finished = {}

local function say(...)
  local words = vim.tbl_map(function(word)
    return type(word) == 'string' and word or vim.inspect(word)
  end, { ... })
  io.stdout:write(table.concat(words, ' ') .. '\n')
end

vim.lsp.handlers['pyproject-ls/jobFinished'] = function(_, outcome)
  table.insert(finished, outcome)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

local function dump()
  say('--- buffer')
  say(text())
  say('--- diagnostics')
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    say(('%d:%d %s: %s'):format(each.lnum + 1, each.col + 1, each.code or '?', each.message))
  end
  say('--- finished', finished)
  say('--- messages')
  say(vim.api.nvim_exec2('messages', { output = true }).output)
  say('--- log')
  local log = io.open(vim.lsp.log.get_filename())
  say(log and log:read('a') or 'none')
end

local function wait(what, done)
  if not vim.wait(40000, done, 20) then
    error('waited in vain: ' .. what, 0)
  end
  say('ok:', what)
end

local function found(code)
  return vim.tbl_filter(function(each)
    return each.code == code
  end, vim.diagnostic.get(buffer))
end

local function client()
  return vim.lsp.get_clients({ name = 'pyproject_ls', bufnr = buffer })[1]
end

local function run(command, options)
  local before = #finished
  local argument = vim.tbl_extend('error', { uri = vim.uri_from_bufnr(buffer) }, options or {})
  client():exec_cmd({ title = command, command = 'pyproject-ls.' .. command, arguments = { argument } })
  wait(command .. ' has ended', function()
    return #finished > before
  end)
  local outcome = finished[#finished]
  say('  ' .. outcome.message)
  if not outcome.ok then
    error(command .. ' failed: ' .. outcome.message, 0)
  end
end

local function story()
  vim.cmd.edit('pyproject.toml')
  buffer = vim.api.nvim_get_current_buf()
  wait('the server is there', function()
    return client() ~= nil
  end)

  run('addDependency', { name = 'lantern' })
  wait('lantern is declared', function()
    return text():find('"lantern>=3.1"', 1, true) ~= nil
  end)

  -- what a person types under it does not fit to `parcel>=2`
  vim.fn.search('lantern')
  vim.api.nvim_feedkeys('o"courier==2.20.0",\27', 'tx', false)
  vim.cmd.write()
  wait('the conflict is found', function()
    return #found('resolution-conflict') == 2
  end)
  for _, each in ipairs(found('resolution-conflict')) do
    say(('  %d: %s'):format(each.lnum + 1, each.message))
  end

  vim.fn.search('==2.20.0')
  local function is_remedy(action)
    return action.kind == 'quickfix' and action.title:find('fits together', 1, true) ~= nil
  end
  local offered, asked = false, 0
  wait('a fix has been tried', function()
    if vim.uv.now() - asked > 500 then
      asked = vim.uv.now()
      local params = vim.lsp.util.make_range_params(0, client().offset_encoding)
      params.context = { diagnostics = {} }
      client():request('textDocument/codeAction', params, function(_, actions)
        offered = vim.iter(actions or {}):any(is_remedy)
      end, buffer)
    end
    return offered
  end)
  vim.lsp.buf.code_action({ apply = true, filter = is_remedy })
  wait('the fix is made', function()
    return text():find('courier==2.20.0', 1, true) == nil
  end)
  say('  ' .. vim.fn.getline(vim.fn.search('courier', 'n')))
  vim.cmd.write()
  wait('the conflict is gone', function()
    return #found('resolution-conflict') == 0
  end)

  run('lock', {})
  run('install', {})
  vim.cmd.write()
end

local ok, problem = xpcall(story, debug.traceback)
if not ok then
  dump()
  say('FAILED', problem)
  vim.cmd.cquit()
end
say('OK')
vim.cmd('qall!')
