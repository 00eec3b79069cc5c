import 'server-only'

export { recordAudit } from './audit'
export { canAdminister, canChange, requireAdmin } from './can'
export { findViewer, listLiveSessions as listSessions, type SignInOrigin } from './session-store'
export { createInvite, deleteInvite, getSignUpMode, listInvites, updateSignUpMode } from './settings'
export { type ExternalIdentity, type SignedIn, signIn, signInExternally } from './sign-in'
export { changePassword, endSessions, isSetUp, requestReset, resetPassword, setUp, signUp } from './sign-up'
export { findAccount, findPasswordHash, toAccountView } from './store'
