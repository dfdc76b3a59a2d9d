import { live } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { live as GET }
