export { type AttemptLimits, passwordLimits } from './attempts.ts'
export { authenticateApiKey } from './authenticate-api-key.ts'
export { bootstrapUsers, type FirstSignIn } from './bootstrap-users.ts'
export { changePassword } from './change-password.ts'
export { sessionCookieName } from './cookies.ts'
export { createApiKey } from './create-api-key.ts'
export { createGroup } from './create-group.ts'
export { createUser } from './create-user.ts'
export { endOwnSession, endSessions } from './end-sessions.ts'
export { readablePassword } from './generated-secret.ts'
export { getAccount } from './get-account.ts'
export { inviteUser, validHours } from './invitation.ts'
export { listApiKeys } from './list-api-keys.ts'
export { listGroups } from './list-groups.ts'
export { listOwnSessions, listSessions } from './list-sessions.ts'
export { listUsers } from './list-users.ts'
export { type DoorForRequest, nextAuthOptions, type SignInDoor } from './next-auth-options.ts'
export { type OidcSettings, oidcSettings } from './oidc/settings.ts'
export { removeGroup } from './remove-group.ts'
export { requirePerson } from './require-person.ts'
export { revokeApiKey } from './revoke-api-key.ts'
export {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  resetSecondFactor,
  sealedSecondFactor,
} from './second-factor.ts'
export { isSecureUrl, type LiveSession, liveSession } from './session.ts'
export { sessionView } from './session-view.ts'
export { setActive } from './set-active.ts'
export { setGroupMembers } from './set-group-members.ts'
export { setRoles } from './set-roles.ts'
export { getSignInRules, setSignInRules } from './sign-in-rules.ts'
