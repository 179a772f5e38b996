/** Bounds that both sides know, so that a client refuses early what a server would refuse. */
export const limits = {
  /** Bytes of UTF-8 in the text of a message. */
  textBytes: 16_384,
  /** Bytes of a request body or a socket frame from a client. */
  requestBytes: 60 * 1024,
  /** People named in one request (new conversation, members to add). */
  membersPerRequest: 500,
  /** People named in an event of the log; of more it says how many, and they are read page by page. */
  membersInEvent: 100,
  /** People mentioned one by one in a message. */
  mentions: 500,
  /** Characters of a name somebody gives (group, file). */
  nameLength: 120,
  /** Items of a page of a list. */
  page: 200,
  /** Events of a page of a log, and their bytes. */
  events: 500,
  eventsBytes: 256 * 1024,
  /** Conversations of a page of `sync`. */
  syncConversations: 200,
  /** Seconds a `GET /sync` may wait for news. */
  syncWaitSeconds: 30,
  /** People whose presence one connection may watch. */
  watchedPeople: 200,
  /** Unread messages are counted exactly up to here. */
  unreadExact: 100,
  /** Up to this many members a conversation shows typing and each other's read marks. */
  smallConversation: 100,
} as const;
