export { createTestPerson, rememberingQueue, type SentJob, testContext, testStart } from './context.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
export { waitFor } from './wait-for.ts'
