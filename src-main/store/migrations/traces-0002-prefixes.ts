/**
 * A call's whole chain of messages, hashed, stands with its bodies first and comes into `conversation_prefixes` later,
 * thousands in the order of that table: one by one each would change a page of its own.
 * meta: prefixes_through = id of a call; those up to it are in `conversation_prefixes`.
 */
export const tracesMigration0002 = `
ALTER TABLE bodies ADD COLUMN prefix INTEGER;
INSERT INTO meta (key, value) SELECT 'prefixes_through', coalesce(max(call_id), 0) FROM bodies;
`;
