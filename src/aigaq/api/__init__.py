"""What programs on docking PCs speak with: `docs/formats/dock-api.md`. Translates; holds no rule."""
