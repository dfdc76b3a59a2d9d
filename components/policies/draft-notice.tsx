import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Notice } from '../ui/states.tsx'

type DraftNoticeProps = {
  title: string
  draft: { author: string; createdAt: string }
  mayManage: boolean
  saving: boolean
  onDiscard: () => void
  /** What goes on to publication is called, such as "Back-test and publish". */
  publish: string
  onPublish: () => void
}

/** What is drafted and not in force, with the ways on and back. */
export function DraftNotice(props: DraftNoticeProps) {
  const { title, draft, mayManage, saving, onDiscard, publish, onPublish } = props
  return (
    <Notice
      tone="wait"
      title={title}
      action={
        mayManage ? (
          <span className="flex w-full flex-wrap gap-2 sm:w-auto">
            <Button size="sm" disabled={saving} onClick={onDiscard}>
              Discard
            </Button>
            <Button size="sm" variant="primary" onClick={onPublish}>
              {publish}
            </Button>
          </span>
        ) : undefined
      }
    >
      By {draft.author}, <RelativeTime at={draft.createdAt} />.
    </Notice>
  )
}
