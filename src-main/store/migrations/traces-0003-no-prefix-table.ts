/** The prefixes of the newest calls are kept in memory (ledger-writer/conversation-prefixes.ts); `bodies.prefix` has them for the next start. */
export const tracesMigration0003 = `
DROP TABLE conversation_prefixes;
DELETE FROM meta WHERE key = 'prefixes_through';
`;
