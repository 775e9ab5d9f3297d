//! The manual that runs: federation told as stories, each of them a test.
