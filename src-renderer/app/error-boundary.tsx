import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/error-state.tsx';

/** A fault in one page costs that page, not the window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ErrorState
        title="This page broke"
        cause="Something in it was not what the page expected. Your calls and keys are not affected."
        detail={error.message}
        action={{ label: 'Show it again', run: () => this.setState({ error: null }) }}
      />
    );
  }
}
