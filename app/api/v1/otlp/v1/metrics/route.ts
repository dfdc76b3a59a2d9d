import { handleOtlpMetrics } from '../../../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { handleOtlpMetrics as POST }
