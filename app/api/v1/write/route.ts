import { handleRemoteWrite } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { handleRemoteWrite as POST }
