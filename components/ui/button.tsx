import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './class-names.ts'
import { Kbd } from './kbd.tsx'

const styles = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium text-sm transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-action text-on-action enabled:hover:bg-action-hover',
        outline: 'border border-line-strong bg-canvas text-ink enabled:hover:bg-hover',
        quiet: 'text-ink enabled:hover:bg-hover',
        danger: 'border border-breach bg-canvas text-breach enabled:hover:bg-breach-soft',
      },
      size: {
        md: 'h-8 px-3 pointer-coarse:h-10',
        sm: 'h-7 px-2 pointer-coarse:h-9',
        icon: 'size-8 pointer-coarse:size-10',
      },
    },
    defaultVariants: { variant: 'outline', size: 'md' },
  },
)

type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof styles> & {
    /** The key that does the same, shown beside the words. */
    shortcut?: string
    asChild?: boolean
    children?: ReactNode
  }

/** A button whose words say what happens. `asChild` lends its look to a link. */
export function Button({
  variant,
  size,
  shortcut,
  asChild,
  className,
  children,
  type,
  ...rest
}: ButtonProps) {
  const look = cn(styles({ variant, size }), className)
  if (asChild) {
    return (
      <Slot.Root className={look} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button type={type ?? 'button'} className={look} aria-keyshortcuts={shortcut?.toLowerCase()} {...rest}>
      {children}
      {shortcut ? <Kbd tone={variant === 'primary' ? 'on-action' : 'plain'}>{shortcut}</Kbd> : null}
    </button>
  )
}
