import { handleMetrics } from '../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { handleMetrics as GET }
