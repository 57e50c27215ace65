// What the window gets of the desktop app.
export {};
