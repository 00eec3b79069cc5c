import 'server-only'

export { getCalendar } from './calendar'
export { notificationJobs, queuePlanOfAll, queuePlanOfGuide, queuePlanOfProfile } from './jobs'
export { dismissNotification, listNotifications, markNotificationsSeen, putOffNotification } from './notifications'
export { closePostOffice, openPostOffice, postNow } from './post-office'
export { changeReminder, createReminder, listRemindersOf, removeReminder } from './reminders'
export {
  addPush,
  getNotificationSettings,
  removeCalendar,
  removePush,
  renewCalendar,
  updateNotificationSettings,
} from './settings'
