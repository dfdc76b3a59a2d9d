import type { RefusedByProvider } from '../../server/auth/contract.ts'

/** Why somebody whom the identity provider sent was not let in, and what helps. */
export const refusedWords: Record<RefusedByProvider, string> = {
  account_exists:
    'There is an account for your e-mail address already. Sign in to it with its password, and connect the identity provider under Your account.',
  email_not_verified: 'The identity provider has not verified your e-mail address.',
  failed: 'Signing in through the identity provider failed. Try again; an admin finds the cause in the log.',
  inactive: 'Your account is shut out. An admin can let you in again.',
  last_admin:
    'The identity provider takes the role admin from you, and you are the last one. Another admin is needed first.',
  no_email: 'The identity provider does not tell your e-mail address.',
  no_role: 'None of your groups at the identity provider gives you a role here.',
}
