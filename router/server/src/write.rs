//! Files, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file: a reader sees the old text or the new one, and a crash leaves the old one.
///
/// # Errors
/// When the folder or the file can't be written.
pub(crate) fn atomically(path: &Path, text: &str) -> io::Result<()> {
    // A link is followed: the file that it names is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|existing| !existing.is_file()) {
        // A device or a pipe can't be renamed over.
        return fs::write(&path, text);
    }
    let name = path.file_name().ok_or_else(|| io::Error::other("that is no file name"))?;
    let hidden = format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id());
    let beside = path.with_file_name(hidden);
    let result = write_and_rename(&beside, &path, text);
    if result.is_err() {
        let _ = fs::remove_file(&beside);
    }
    result
}

fn write_and_rename(beside: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Ok(existing) = fs::metadata(path) {
        file.set_permissions(existing.permissions())?;
    }
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_beside() {
        let folder = std::env::temp_dir().join(format!("tributary-write-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("out.graphql");
        atomically(&path, "one").unwrap();
        atomically(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert!(atomically(&folder.join("missing/out"), "x").is_err());
        assert!(atomically(&folder, "x").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
