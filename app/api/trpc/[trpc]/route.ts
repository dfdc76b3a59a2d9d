import { handleTrpc } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { handleTrpc as GET, handleTrpc as POST }
