import type { ErrorCode } from '#contracts';

type ErrorWords = Record<ErrorCode, string>;

const zhCN: ErrorWords = {
  'request.malformed': '请求有误，请刷新页面后再试。',
  'request.too_large': '内容过大，请缩短后再试。',
  'route.not_found': '服务器没有这项功能，请刷新页面后再试。',
  'rate.limited': '操作过于频繁，请稍后再试。',
  overloaded: '服务器繁忙，请稍后再试。',
  'service.unavailable': '服务暂时不可用，请稍后再试。',
  internal: '服务器出现故障，请稍后再试。',
  'auth.required': '请先登录。',
  'auth.session_ended': '登录已失效，请重新登录。',
  'auth.invalid_credentials': '用户名或密码不正确。',
  'auth.account_disabled': '此账号已停用，请联系管理员。',
  'auth.too_many_attempts': '尝试次数过多，请稍后再登录。',
  'auth.directory_unavailable': '单位目录暂时无法访问，现在不能登录。这与密码无关，请稍后再试。',
  'access.forbidden': '你的账号没有此项权限。',
  'person.not_found': '找不到此人。',
  'department.not_found': '找不到此部门。',
  'directory.sync_running': '通讯录正在同步，请稍后再试。',
  'bot.not_found': '没有这个机器人。',
  'bot.name_taken': '这个用户名已被使用。',
  'conversation.not_a_member': '会话不存在，或你不是其中的成员。',
  'conversation.members_invalid': '所选人员不能加入此会话。',
  'conversation.not_a_group': '只有群聊可以这样做。',
  'conversation.owner_required': '只有群主可以这样做。',
  'conversation.owner_must_transfer': '请先转让群主，再退出群聊。',
  'conversation.dissolved': '群聊已解散，不能再修改。',
  'message.not_found': '找不到这条消息。',
  'message.too_long': '消息过长，请缩短后再发，或改发文件。',
  'message.empty': '不能发送空消息。',
  client_id_reused: '此操作与先前的一次冲突，请刷新页面后再试。',
  'sync.position_invalid': '同步位置无效，正在重新同步。',
  'file.not_found': '文件不存在，或你没有权限查看。',
  'file.too_large': '文件超过允许的大小。',
  'file.not_ready': '文件尚未上传完成。',
  'file.upload_invalid': '上传没有成功，请重新上传。',
  'file.range_invalid': '文件读取有误，请重新下载。',
  'approval.not_found': '找不到此审批。',
  'approval.own_request': '不能审批自己的申请。',
  'approval.decided': '此申请已处理或已过期。',
  'approval.not_approved': '此操作需要尚未使用的批准。',
  'export.not_found': '找不到此导出。',
  'export.not_ready': '导出尚未完成。',
};

const en: ErrorWords = {
  'request.malformed': 'The request was not understood. Reload the page and try again.',
  'request.too_large': 'This is too large. Shorten it and try again.',
  'route.not_found': 'The server does not know this function. Reload the page and try again.',
  'rate.limited': 'Too many actions in a short time. Try again shortly.',
  overloaded: 'The server is busy. Try again shortly.',
  'service.unavailable': 'The service is not available at the moment. Try again shortly.',
  internal: 'The server met a fault. Try again shortly.',
  'auth.required': 'Please sign in first.',
  'auth.session_ended': 'Your session has ended. Please sign in again.',
  'auth.invalid_credentials': 'User name or password is wrong.',
  'auth.account_disabled': 'This account is disabled. Ask your administrator.',
  'auth.too_many_attempts': 'Too many failed attempts. Try again later.',
  'auth.directory_unavailable':
    'The directory does not answer, so nobody can sign in now. This says nothing about your password.',
  'access.forbidden': 'Your account may not do this.',
  'person.not_found': 'This person was not found.',
  'department.not_found': 'This department was not found.',
  'directory.sync_running': 'The directory is being synchronised. Try again shortly.',
  'bot.not_found': 'There is no such bot.',
  'bot.name_taken': 'Somebody else has this user name.',
  'conversation.not_a_member': 'The conversation does not exist, or you are not a member of it.',
  'conversation.members_invalid': 'These people cannot be members of the conversation.',
  'conversation.not_a_group': 'Only groups can do this.',
  'conversation.owner_required': 'Only the owner of the group may do this.',
  'conversation.owner_must_transfer': 'Hand the group over before you leave.',
  'conversation.dissolved': 'The group was dissolved and cannot be changed any more.',
  'message.not_found': 'This message was not found.',
  'message.too_long': 'The message is too long. Shorten it or send a file.',
  'message.empty': 'An empty message cannot be sent.',
  client_id_reused: 'This conflicts with an earlier action. Reload the page and try again.',
  'sync.position_invalid': 'The place to go on from is not valid. Syncing anew.',
  'file.not_found': 'The file does not exist, or you may not have it.',
  'file.too_large': 'The file is larger than allowed.',
  'file.not_ready': 'The upload of this file is not complete.',
  'file.upload_invalid': 'The upload did not work. Upload the file again.',
  'file.range_invalid': 'The file could not be read. Download it again.',
  'approval.not_found': 'This request for approval was not found.',
  'approval.own_request': 'Nobody decides on their own request.',
  'approval.decided': 'The request was decided already, or has expired.',
  'approval.not_approved': 'This needs an approval that was not used yet.',
  'export.not_found': 'This export was not found.',
  'export.not_ready': 'The export is not finished.',
};

/** What each refusal means to a person, and what to do; complete by type. */
export const errorWords = { 'zh-CN': zhCN, en };

/** Where no answer came. */
export const offlineWords = {
  'zh-CN': '无法连接服务器，请检查网络。',
  en: 'The server cannot be reached. Check the network.',
};

/** Where something broke that has no code. */
export const unexpectedWords = {
  'zh-CN': '页面出现意外错误，请刷新后再试。',
  en: 'Something unexpected broke in this page. Reload it and try again.',
};
