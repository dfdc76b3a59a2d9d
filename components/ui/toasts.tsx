'use client'
import { useTheme } from 'next-themes'
import { Toaster } from 'sonner'

/** Where short confirmations appear; what must not be missed is said on the page itself. */
export function Toasts() {
  const { resolvedTheme } = useTheme()
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-80 items-start gap-2 rounded-md border border-line-strong bg-raised px-3 py-2 font-sans text-ink text-sm shadow-md',
          description: 'text-muted',
          icon: 'mt-0.5',
          content: 'flex-1',
          actionButton: 'font-medium text-action underline underline-offset-2',
        },
      }}
    />
  )
}
