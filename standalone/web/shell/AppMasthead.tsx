import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  PageToggleButton,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { HelpMenu } from './HelpMenu.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';
import { UserMenu } from './UserMenu.tsx';

/** The bar on top of all pages. */
export function AppMasthead({ isNavOpen, onToggle }: { isNavOpen: boolean; onToggle: () => void }) {
  const { t } = useTranslation('console');
  return (
    <Masthead display={{ default: 'inline' }} className="vc-masthead">
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton
            isHamburgerButton
            aria-label={t('Navigation')}
            isSidebarOpen={isNavOpen}
            onSidebarToggle={onToggle}
          />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} to="/" />} className="vc-logo">
            <svg viewBox="0 0 32 28" aria-hidden="true" className="vc-logo__mark">
              <rect x="1" y="1" width="30" height="20" rx="5" />
              <path d="M10 6.5l4.8 8.5h2.4L22 6.5" />
              <rect x="9" y="24" width="14" height="3" rx="1.5" />
            </svg>
            <span>virtdeck</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic isFullHeight>
          <ToolbarContent>
            <ToolbarGroup variant="action-group-plain" align={{ default: 'alignEnd' }}>
              <ToolbarItem>
                <ThemeMenu />
              </ToolbarItem>
              <ToolbarItem>
                <HelpMenu />
              </ToolbarItem>
            </ToolbarGroup>
            <ToolbarItem>
              <UserMenu />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  );
}
