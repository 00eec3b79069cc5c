import 'server-only'

export { requireAccess } from './access-end'
export { recordAudit } from './audit'
export { canAdminister, canChange, requireAdmin } from './can'
export { accountJobs } from './jobs'
export { findLineFor, forgetLines, type LineCaller, lineKey, peekLine, requirePlace, requireUsable } from './line-door'
export { forgetLineSettings, getLineSettings, updateLineSettings } from './line-settings'
export { endOfLine, findLine, isLineEnded, type LineRecord, toLineView } from './line-store'
export { createLine, getLine, listLines, type MadeLine, renewLinePassword, revokeLine, updateLine } from './lines'
export { listPeople, updatePerson } from './people'
export { findViewer, listLiveSessions as listSessions, type SignInOrigin } from './session-store'
export { createInvite, deleteInvite, getSignUpMode, listInvites, updateSignUpMode } from './settings'
export { type ExternalIdentity, type SignedIn, signIn, signInExternally } from './sign-in'
export {
  changePassword,
  endSession,
  endSessions,
  isSetUp,
  requestReset,
  requireOwner,
  resetPassword,
  setUp,
  signUp,
} from './sign-up'
export { findAccount, findPasswordHash, toAccountView } from './store'
