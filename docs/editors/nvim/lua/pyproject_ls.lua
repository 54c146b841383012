-- The command :Pyproject for what pyproject-ls can do beside LSP. Neovim 0.7 and newer.
--
--   :Pyproject lock [keep|regenerate]       :Pyproject add NAME [CONSTRAINT] [GROUP]
--   :Pyproject preview [keep|regenerate]    :Pyproject remove [NAME]
--   :Pyproject update [NAME ...]            :Pyproject why [NAME]
--   :Pyproject install [GROUP ...]          :Pyproject bump [PART]
--   :Pyproject export [FORMAT]              :Pyproject tree, fix, migrate
--
-- What is left out and cannot be done without, the server asks for. Everything can be completed.

local M = {}

local function request(client, method, params, handler, buffer)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:request(method, params, handler, buffer)
  end
  return client.request(method, params, handler, buffer)
end

-- The result of a request, nil where there is none within two seconds.
local function ask(client, method, params, buffer)
  local done, result = false, nil
  request(client, method, params, function(_, answer)
    done, result = true, answer
  end, buffer)
  vim.wait(2000, function()
    return done
  end, 10)
  return result
end

local function starting_with(lead, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

local function packages(client, buffer, lead)
  local params = { uri = vim.uri_from_bufnr(buffer), query = lead }
  local found = ask(client, 'pyproject-ls/searchPackages', params, buffer)
  return vim.tbl_map(function(item)
    return item.name
  end, found and found.items or {})
end

-- The lists of dependencies of the buffer's project.
local function lists(client, buffer)
  local uri = vim.uri_from_bufnr(buffer)
  local found = ask(client, 'pyproject-ls/projects', vim.empty_dict(), buffer)
  for _, project in ipairs(found and found.projects or {}) do
    if project.uri == uri then
      return project.lists
    end
  end
  return {}
end

local function declared(client, buffer, lead)
  local names = {}
  for _, list in ipairs(lists(client, buffer)) do
    for _, dependency in ipairs(list.dependencies) do
      names[dependency.name] = true
    end
  end
  return starting_with(lead, vim.fn.sort(vim.tbl_keys(names)))
end

local function groups(client, buffer, lead)
  local names = {}
  for _, list in ipairs(lists(client, buffer)) do
    if list.kind == 'group' then
      table.insert(names, list.name)
    end
  end
  return starting_with(lead, names)
end

local function one_of(...)
  local words = { ... }
  return function(_, _, lead)
    return starting_with(lead, words)
  end
end

-- A key for the first word behind a command.
local function first(key)
  return function(words)
    return { [key] = words[1] }
  end
end

-- A key for all words behind a command, left out where there are none.
local function all(key)
  return function(words)
    return { [key] = words[1] and words or nil }
  end
end

local function nothing()
  return {}
end

-- Of each command: the server's name of it, what it makes of the words, and how these are completed.
local COMMANDS = {
  lock = { 'lock', first('mode'), one_of('keep', 'regenerate') },
  preview = { 'previewLock', first('mode'), one_of('keep', 'regenerate') },
  add = {
    'addDependency',
    function(words)
      return { name = words[1], constraint = words[2], group = words[3] }
    end,
    function(client, buffer, lead, position)
      return position == 1 and packages(client, buffer, lead)
        or position == 3 and groups(client, buffer, lead)
        or {}
    end,
  },
  remove = { 'removeDependency', first('name'), declared },
  update = { 'update', all('names'), declared },
  install = { 'install', all('groups'), groups },
  export = { 'export', first('format'), one_of('requirements.txt', 'pylock.toml') },
  tree = { 'dependencyTree', nothing },
  why = { 'why', first('name'), declared },
  bump = { 'bumpVersion', first('part'), one_of('patch', 'minor', 'major', 'prerelease') },
}

-- Code actions that have no command: the kind, and how the title begins.
local ACTIONS = {
  fix = { 'source.fixAll.pyproject-ls', '' },
  migrate = { 'refactor', 'Migrate this file' },
}

local function act(kind, title)
  local context = { only = { kind }, diagnostics = {} }
  if vim.fn.has('nvim-0.8') == 0 then
    return vim.lsp.buf.code_action(context)
  end
  vim.lsp.buf.code_action({
    context = context,
    apply = true,
    filter = function(action)
      return vim.startswith(action.title, title)
    end,
  })
end

local function execute(client, buffer, command, arguments)
  arguments.uri = vim.uri_from_bufnr(buffer)
  local params = { command = 'pyproject-ls.' .. command, arguments = { arguments } }
  request(client, 'workspace/executeCommand', params, function(problem)
    if problem then
      vim.notify('pyproject-ls: ' .. problem.message, vim.log.levels.ERROR)
    end
  end, buffer)
end

local function run(client, buffer, words)
  local name = table.remove(words, 1)
  if ACTIONS[name] then
    act(unpack(ACTIONS[name]))
  elseif COMMANDS[name] then
    execute(client, buffer, COMMANDS[name][1], COMMANDS[name][2](words))
  else
    vim.notify('pyproject-ls: there is no command ' .. name, vim.log.levels.ERROR)
  end
end

local function complete(client, buffer, lead, line)
  local words = vim.split(line:match('Pyproject%s+(.*)$'), '%s+')
  if #words == 1 then
    local names = vim.tbl_extend('error', COMMANDS, ACTIONS)
    return starting_with(lead, vim.fn.sort(vim.tbl_keys(names)))
  end
  local command = COMMANDS[words[1]]
  return command and command[3] and command[3](client, buffer, lead, #words - 1) or {}
end

--- Give a buffer the command :Pyproject. To be called when the client is attached to it.
function M.on_attach(client, buffer)
  vim.api.nvim_buf_create_user_command(buffer, 'Pyproject', function(given)
    run(client, buffer, given.fargs)
  end, {
    nargs = '+',
    desc = 'Lock, add, update, install and more with pyproject-ls',
    complete = function(lead, line)
      return complete(client, buffer, lead, line)
    end,
  })
end

return M
