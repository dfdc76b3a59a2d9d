'use client'
import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cn } from './class-names.ts'

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** One sentence: what this is about. */
  description?: ReactNode
  children: ReactNode
  /** Buttons, the one that acts last. */
  footer?: ReactNode
  /** `center`: a question. `right`: something long beside the page; full width on a phone. */
  side?: 'center' | 'right'
  wide?: boolean
}

const places = {
  center:
    'top-[10vh] left-1/2 max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 rounded-lg border border-line-strong',
  right: 'inset-y-0 right-0 h-dvh w-full border-line-strong border-l sm:w-auto',
}

/** A question over the page, or a sheet beside it. Focus is held inside and goes back where it was. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  side = 'center',
  wide,
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Primitive.Content
          aria-describedby={description ? undefined : ''}
          className={cn(
            'fixed z-50 flex flex-col bg-raised text-ink shadow-xl outline-none',
            places[side],
            wide ? 'sm:max-w-3xl' : 'sm:max-w-lg',
            side === 'right' && (wide ? 'sm:w-[768px]' : 'sm:w-[480px]'),
          )}
        >
          <header className="flex items-start justify-between gap-4 border-b px-4 py-3">
            <div className="min-w-0">
              <Primitive.Title className="font-semibold text-base">{title}</Primitive.Title>
              {description ? (
                <Primitive.Description className="mt-0.5 text-muted text-sm">
                  {description}
                </Primitive.Description>
              ) : null}
            </div>
            <Primitive.Close asChild>
              <Button variant="quiet" size="icon" aria-label="Close" className="-mt-1 -mr-2">
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">
              {footer}
            </footer>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A sheet beside the page, for as long as it is there. */
export function Sheet({
  onClose,
  ...rest
}: Omit<DialogProps, 'open' | 'onOpenChange' | 'side'> & { onClose: () => void }) {
  return <Dialog open onOpenChange={onClose} side="right" {...rest} />
}
