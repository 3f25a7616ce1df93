// Before the first frame: the page is drawn in the light that was chosen. The page itself reads and keeps the choice.
try {
  const theme = localStorage.getItem('sotto-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Where nothing may be kept, nothing was chosen.
}
