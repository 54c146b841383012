-- Drives another Neovim, of any version from 0.7 on, with keys as a person would, and looks at what it
-- shows. For scripts that `nvim -l` runs: `dofile(this)(program, init)`. What `finish` writes at last
-- is OK, or FAILED with the reason.

return function(program, init)
  local channel = vim.fn.jobstart(
    { program, '--embed', '--headless', '-n', '-i', 'NONE', '-u', init },
    { rpc = true }
  )
  local driver = {}

  function driver.say(...)
    local words = vim.tbl_map(function(word)
      return type(word) == 'string' and word or vim.inspect(word)
    end, { ... })
    io.stdout:write(table.concat(words, ' ') .. '\n')
  end

  -- what the other one computes: the body of a Lua function
  function driver.ask(body, ...)
    return vim.rpcrequest(channel, 'nvim_exec_lua', body, { ... })
  end

  function driver.press(keys)
    vim.rpcrequest(channel, 'nvim_input', keys)
  end

  function driver.lines()
    return driver.ask('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')
  end

  function driver.wait(what, body, ...)
    local result
    local arguments = { ... }
    local done = vim.wait(20000, function()
      if type(body) == 'function' then
        result = body()
      else
        result = driver.ask(body, unpack(arguments))
      end
      return result and result ~= vim.NIL and result ~= ''
    end, 20)
    if not done then
      error('waited in vain: ' .. what .. '\n' .. table.concat(driver.lines(), '\n'), 0)
    end
    driver.say('ok:', what)
    return result
  end

  function driver.same(what, got, wanted)
    if not vim.deep_equal(got, wanted) then
      error(('%s: got %s, not %s'):format(what, vim.inspect(got), vim.inspect(wanted)), 0)
    end
    driver.say('ok:', what)
  end

  -- the number of the only line that holds `text`, and the column of it
  function driver.place(text)
    for number, line in ipairs(driver.lines()) do
      local column = line:find(text, 1, true)
      if column then
        return number, column - 1
      end
    end
    error('there is no ' .. text, 0)
  end

  function driver.has(start)
    return vim.iter(driver.lines()):any(function(line)
      return vim.startswith(line, start)
    end)
  end

  function driver.go(text, by)
    local number, column = driver.place(text)
    driver.ask('vim.api.nvim_win_set_cursor(0, { ... })', number, column + (by or 0))
    return number
  end

  local SHOWN = [[
    local info = vim.fn.complete_info({ 'pum_visible', 'items' })
    return info.pum_visible == 1 and vim.tbl_map(function(item)
      return item.abbr ~= '' and item.abbr or item.word
    end, info.items)
  ]]

  -- wait for the menu, take the item called `label`
  function driver.choose(label)
    local items = driver.wait('a menu with ' .. label, function()
      local shown = driver.ask(SHOWN)
      return shown and vim.tbl_contains(shown, label) and shown
    end)
    for index, item in ipairs(items) do
      if item == label then
        driver.press(('<C-n>'):rep(index) .. '<C-y>')
        break
      end
    end
    driver.wait('the menu closes', 'return vim.fn.pumvisible() == 0')
  end

  -- what the other one shows in a floating window
  function driver.floating()
    return driver.ask([[
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= '' then
          local buffer = vim.api.nvim_win_get_buf(window)
          return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
        end
      end
    ]])
  end

  -- run `main`, stop the servers and the other one, and end with the verdict
  function driver.finish(main)
    local passed, problem = xpcall(main, function(problem)
      return type(problem) == 'string' and problem or vim.inspect(problem)
    end)
    if not passed then
      pcall(function()
        driver.say('--- messages', driver.ask('return vim.fn.execute("messages")'))
        driver.say('--- log', driver.ask([[
          local log = io.open(vim.fn.stdpath('log') .. '/lsp.log')
            or io.open(vim.fn.stdpath('cache') .. '/lsp.log')
          return log and log:read('a') or 'none'
        ]]))
      end)
    end
    pcall(driver.ask, [[
      for _, client in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
        if vim.fn.has('nvim-0.11') == 1 then client:stop() else client.stop() end
      end
    ]])
    vim.wait(5000, function()
      local found, count = pcall(
        driver.ask,
        'return #(vim.lsp.get_clients or vim.lsp.get_active_clients)()'
      )
      return not found or count == 0
    end, 20)
    vim.fn.jobstop(channel)
    driver.say(passed and 'OK' or 'FAILED ' .. problem)
    os.exit(passed and 0 or 1)
  end

  return driver
end
