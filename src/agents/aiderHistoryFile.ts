/** Where Aider keeps its chats: in the top folder of a repository, unless the person has chosen another place. */
export const aiderHistoryFile = '.aider.chat.history.md';
