import { ready } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { ready as GET }
