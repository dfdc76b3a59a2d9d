import { z } from 'zod'
import { type Permission, type Role, roles, type Scope, scopes } from '../kernel/roles.ts'

export {
  type Permission,
  permissions,
  type Role,
  roles,
  type Scope,
  scopes,
  scopesOf,
} from '../kernel/roles.ts'

export const email = z.email('give an e-mail address').max(254).toLowerCase()
const personName = z.string().trim().min(1, 'give a name').max(100)
export const leastPasswordLength = 12
/** Long rather than complicated: NIST SP 800-63B asks for length and no composition rules. */
export const password = z
  .string()
  .min(leastPasswordLength, `use at least ${leastPasswordLength} characters`)
  .max(256, 'use at most 256 characters')
const roleSet = z
  .enum(roles)
  .array()
  .max(roles.length)
  .transform((held) => [...new Set(held)])
const reason = z.string().trim().min(3, 'say why in at least three characters').max(500)

export const createUserInput = z.object({ email, name: personName, roles: roleSet })
export const setRolesInput = z.object({ userId: z.uuid(), roles: roleSet, reason })
export const setActiveInput = z.object({ userId: z.uuid(), active: z.boolean(), reason })
export const inviteInput = z.object({ userId: z.uuid(), reason })
export const acceptInvitationInput = z.object({
  token: z.string().regex(/^[0-9a-f]{64}$/, 'is no invitation'),
  password,
})
export const choosePasswordInput = z.object({ password })
export const listSessionsInput = z.object({ userId: z.uuid() })
/** Without `sessionId`: all. */
export const endSessionsInput = z.object({ userId: z.uuid(), sessionId: z.uuid().optional(), reason })
/** Without `sessionId`: all but this one. */
export const endOwnSessionInput = z.object({ sessionId: z.uuid().optional() })
/** `currentPassword`: of whoever has one. */
export const beginSecondFactorInput = z.object({ currentPassword: z.string().max(256).optional() })
/** Six digits of the device, or one of the recovery codes. */
export const codeInput = z.object({
  code: z
    .string()
    .transform((typed) => typed.replaceAll(/\s/g, '').toLowerCase())
    .pipe(
      z
        .string()
        .regex(/^(\d{6}|[0-9a-z]{5}(-[0-9a-z]{5}){4})$/, 'is six digits, or a recovery code such as ab1c2-…'),
    ),
})
export const resetSecondFactorInput = z.object({ userId: z.uuid(), reason })
/** What signing in takes. `version`: of the rules that were seen. */
export const setSignInRulesInput = z.object({
  version: z.number().int().min(0),
  secondFactorRoles: roleSet,
  sessionIdleMinutes: z.number().int().min(5).max(720),
  sessionMaxHours: z.number().int().min(1).max(24),
  reason,
})
export const changePasswordInput = z.object({ currentPassword: z.string().max(256), newPassword: password })
/** What rules and mappings call a group. */
export const groupName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, such as platform-eu')
export const createGroupInput = z.object({ name: groupName, title: personName })
/** `userIds`: everybody who belongs to it from now on. */
export const setGroupMembersInput = z.object({
  groupId: z.uuid(),
  userIds: z
    .uuid()
    .array()
    .max(1_000)
    .transform((ids) => [...new Set(ids)]),
  reason,
})
export const removeGroupInput = z.object({ groupId: z.uuid(), reason })
/** `expiresInDays` null: never. Without `ownerId` the key is one's own. */
export const createApiKeyInput = z.object({
  name: personName,
  scopes: z.enum(scopes).array().min(1, 'choose at least one scope').max(scopes.length),
  expiresInDays: z.number().int().min(1).max(3_650).nullable(),
  ownerId: z.uuid().optional(),
})
export const revokeApiKeyInput = z.object({ keyId: z.uuid() })

export type CreateUserInput = z.input<typeof createUserInput>
export type SetRolesInput = z.input<typeof setRolesInput>
export type SetActiveInput = z.input<typeof setActiveInput>
export type InviteInput = z.input<typeof inviteInput>
export type AcceptInvitationInput = z.input<typeof acceptInvitationInput>
export type ListSessionsInput = z.input<typeof listSessionsInput>
export type EndSessionsInput = z.input<typeof endSessionsInput>
export type EndOwnSessionInput = z.input<typeof endOwnSessionInput>
export type BeginSecondFactorInput = z.input<typeof beginSecondFactorInput>
export type CodeInput = z.input<typeof codeInput>
export type ResetSecondFactorInput = z.input<typeof resetSecondFactorInput>
export type SetSignInRulesInput = z.input<typeof setSignInRulesInput>
export type ChangePasswordInput = z.input<typeof changePasswordInput>
export type CreateGroupInput = z.input<typeof createGroupInput>
export type SetGroupMembersInput = z.input<typeof setGroupMembersInput>
export type RemoveGroupInput = z.input<typeof removeGroupInput>
export type CreateApiKeyInput = z.input<typeof createApiKeyInput>
export type RevokeApiKeyInput = z.input<typeof revokeApiKeyInput>

export type UserView = {
  id: string
  email: string
  name: string
  roles: Role[]
  /** Names of the groups the person belongs to. */
  groups: string[]
  active: boolean
  /** Whether signing in takes a code as well. */
  secondFactor: boolean
  /** Whether the identity provider vouches for the person. */
  fromProvider: boolean
  lastSignInAt: string | null
  createdAt: string
}

/** `fromProvider`: the identity provider says so, at each sign-in of the person. */
export type GroupMemberView = {
  id: string
  name: string
  email: string
  active: boolean
  fromProvider: boolean
}

export type GroupView = {
  id: string
  name: string
  title: string
  members: GroupMemberView[]
  createdAt: string
}

/** `path`: below the product's address, with the token behind "#", which no server ever sees in an address. */
export type InvitationView = { path: string; expiresAt: string }
/** `invitation`: shown this once; null when the person has a password. */
export type InvitedUser = { user: UserView; invitation: InvitationView | null }

/** Told this once. `key`: what a QR code cannot hand over is typed. */
export type SecondFactorSetup = { key: string; uri: string; recoveryCodes: string[] }

/** How one signs in. */
export type AccountView = {
  hasPassword: boolean
  /** Whether it is still the one that was printed. */
  firstPassword: boolean
  secondFactor: { since: string; recoveryCodesLeft: number } | null
  /** Whether a role of one's own asks for a second factor. */
  secondFactorRequired: boolean
  /** Whether the identity provider vouches for one, and sets one's roles. */
  fromProvider: boolean
  /** What acts for oneself. */
  keys: ApiKeyView[]
}

/** Why the sign-in page did not let somebody in whom the identity provider sent. */
export const refusedByProvider = z.enum([
  'account_exists',
  'email_not_verified',
  'failed',
  'inactive',
  'last_admin',
  'no_email',
  'no_role',
])
export type RefusedByProvider = z.infer<typeof refusedByProvider>

/** What /api/auth/session tells a browser that has begun to sign in. */
export const begunSignIn = z.object({ stage: z.enum(['full', 'new_password', 'second_factor', 'enrolment']) })

export type SessionRow = {
  id: string
  /** For instance "Firefox on Linux", as the browser calls itself. */
  browser: string
  address: string
  method: 'password' | 'invitation' | 'provider'
  /** With a second factor. */
  strong: boolean
  /** The session that asks. */
  current: boolean
  createdAt: string
  lastSeenAt: string
  expiresAt: string
}

export type SignInRulesView = {
  /** 0: nobody has set any, and the defaults hold. */
  version: number
  /** Who holds one of these signs in with a second factor. */
  secondFactorRoles: Role[]
  sessionIdleMinutes: number
  sessionMaxHours: number
}

export type ApiKeyView = {
  id: string
  name: string
  prefix: string
  scopes: Scope[]
  owner: { id: string; name: string; email: string }
  state: 'active' | 'expired' | 'revoked' | 'owner-inactive'
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  lastUsedAt: string | null
}

/** `token`: shown this once and stored nowhere. */
export type CreatedApiKey = { key: ApiKeyView; token: string }

/** Who is signed in, for the screen; what it hides is refused by the server as well. */
export type SessionView = {
  kind: 'user' | 'api_key'
  userId: string
  email: string
  name: string
  roles: Role[]
  groups: string[]
  may: Record<Permission, boolean>
}
