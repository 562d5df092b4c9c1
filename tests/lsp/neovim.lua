-- Neovim's own client, without a window: diagnostics arrive, a fix is applied to the buffer.
local function stop(message, code)
  io.stdout:write(message .. '\n')
  vim.cmd(code == 0 and 'qall!' or 'cquit!')
end

local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = 'postlint', cmd = { os.getenv('POSTLINT'), 'lsp' }, root_dir = os.getenv('FOLDER') })
vim.api.nvim_buf_set_option(buffer, 'filetype', 'markdown')
vim.lsp.buf_attach_client(buffer, id)
if not vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 2 end, 50) then
  return stop('FAIL neovim: diagnostics ' .. vim.inspect(vim.diagnostic.get(buffer)), 1)
end
local client = vim.lsp.get_client_by_id(id)
-- Everywhere, since the ranges that this version makes of its diagnostics are wrong behind characters of several bytes.
local range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 99 } }
local params = { textDocument = vim.lsp.util.make_text_document_params(buffer), range = range, context = { diagnostics = {} } }
local answer = client.request_sync('textDocument/codeAction', params, 5000, buffer)
vim.lsp.util.apply_workspace_edit(answer.result[1].edit, client.offset_encoding)
local line = vim.api.nvim_buf_get_lines(buffer, 0, 1, true)[1]
if line ~= 'é😀 It is fine.' then
  return stop('FAIL neovim: the fix left ' .. line, 1)
end
if not vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 1 end, 50) then
  return stop('FAIL neovim: the change was not checked', 1)
end
stop('ok   neovim', 0)
