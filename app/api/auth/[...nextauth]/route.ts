import { handleSignIn } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

export { handleSignIn as GET, handleSignIn as POST }
