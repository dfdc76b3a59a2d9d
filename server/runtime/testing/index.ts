export { createTestPerson, rememberingQueue, type SentJob, testContext, testStart } from './context.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
export { mostAtOnce } from './most-at-once.ts'
export { waitFor } from './wait-for.ts'
