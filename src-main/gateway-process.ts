// The gateway as a child of the desktop app.
export {};
