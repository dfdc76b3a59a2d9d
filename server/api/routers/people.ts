import {
  beginSecondFactorInput,
  changePasswordInput,
  codeInput,
  createApiKeyInput,
  createGroupInput,
  createUserInput,
  endOwnSessionInput,
  endSessionsInput,
  inviteInput,
  listSessionsInput,
  removeGroupInput,
  resetSecondFactorInput,
  revokeApiKeyInput,
  setActiveInput,
  setGroupMembersInput,
  setRolesInput,
  setSignInRulesInput,
} from '../../auth/contract.ts'
import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  createApiKey,
  createGroup,
  createUser,
  endOwnSession,
  endSessions,
  getAccount,
  getSignInRules,
  inviteUser,
  listApiKeys,
  listGroups,
  listOwnSessions,
  listSessions,
  listUsers,
  removeGroup,
  removeSecondFactor,
  resetSecondFactor,
  revokeApiKey,
  sessionView,
  setActive,
  setGroupMembers,
  setRoles,
  setSignInRules,
} from '../../auth/index.ts'
import { procedure, router } from '../trpc.ts'

export const peopleRouter = router({
  list: procedure('people.read').query(({ ctx }) => listUsers({ ctx })),
  create: procedure('people.manage')
    .input(createUserInput)
    .mutation(({ ctx, input }) => createUser({ ctx, input })),
  setRoles: procedure('people.manage')
    .input(setRolesInput)
    .mutation(({ ctx, input }) => setRoles({ ctx, input })),
  setActive: procedure('people.manage')
    .input(setActiveInput)
    .mutation(({ ctx, input }) => setActive({ ctx, input })),
  invite: procedure('people.manage')
    .input(inviteInput)
    .mutation(({ ctx, input }) => inviteUser({ ctx, input })),
  sessions: procedure('people.manage')
    .input(listSessionsInput)
    .query(({ ctx, input }) => listSessions({ ctx, input })),
  endSessions: procedure('people.manage')
    .input(endSessionsInput)
    .mutation(({ ctx, input }) => endSessions({ ctx, input })),
  resetSecondFactor: procedure('people.manage')
    .input(resetSecondFactorInput)
    .mutation(({ ctx, input }) => resetSecondFactor({ ctx, input })),
  signInRules: procedure('people.read').query(({ ctx }) => getSignInRules({ ctx })),
  setSignInRules: procedure('people.manage')
    .input(setSignInRulesInput)
    .mutation(({ ctx, input }) => setSignInRules({ ctx, input })),
})

export const groupRouter = router({
  list: procedure('people.read').query(({ ctx }) => listGroups({ ctx })),
  create: procedure('people.manage')
    .input(createGroupInput)
    .mutation(({ ctx, input }) => createGroup({ ctx, input })),
  setMembers: procedure('people.manage')
    .input(setGroupMembersInput)
    .mutation(({ ctx, input }) => setGroupMembers({ ctx, input })),
  remove: procedure('people.manage')
    .input(removeGroupInput)
    .mutation(({ ctx, input }) => removeGroup({ ctx, input })),
})

export const apiKeyRouter = router({
  list: procedure('people.read').query(({ ctx }) => listApiKeys({ ctx })),
  create: procedure('apiKey.manage')
    .input(createApiKeyInput)
    .mutation(({ ctx, input }) => createApiKey({ ctx, input })),
  revoke: procedure('apiKey.manage')
    .input(revokeApiKeyInput)
    .mutation(({ ctx, input }) => revokeApiKey({ ctx, input })),
})

export const sessionRouter = router({
  get: procedure('signed-in').query(async ({ ctx }) => {
    const session = await sessionView(ctx)
    // Where no simulated cloud runs nobody can play scenes, whatever the role, and the page is not offered.
    const plays = session.may['scene.run'] && ctx.sandbox !== null
    return { ...session, may: { ...session.may, 'scene.run': plays } }
  }),
  changePassword: procedure('in-person')
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => changePassword({ ctx, input })),
  list: procedure('in-person').query(({ ctx }) => listOwnSessions({ ctx })),
  end: procedure('in-person')
    .input(endOwnSessionInput)
    .mutation(({ ctx, input }) => endOwnSession({ ctx, input })),
  account: procedure('in-person').query(({ ctx }) => getAccount({ ctx })),
  beginSecondFactor: procedure('enrolling')
    .input(beginSecondFactorInput)
    .mutation(({ ctx, input }) => beginSecondFactor({ ctx, input })),
  confirmSecondFactor: procedure('in-person')
    .input(codeInput)
    .mutation(({ ctx, input }) => confirmSecondFactor({ ctx, input })),
  removeSecondFactor: procedure('in-person')
    .input(codeInput)
    .mutation(({ ctx, input }) => removeSecondFactor({ ctx, input })),
})
