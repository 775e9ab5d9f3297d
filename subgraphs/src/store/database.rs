//! The database file, its connections, and the threads on which they block.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension};
use tokio::sync::Semaphore;

use super::{
    lock::lock,
    sql::{Job, Sql},
};
use crate::fault::{Code, Fault};

/// How many connections work at a time; the rest wait for their turn.
const CONNECTIONS: usize = 8;

/// An open database. Fields drop in order: connections close before the file is removed.
pub(crate) struct Database {
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
    file: File,
}

/// Where the database is, and whether it goes away with the process.
enum File {
    Kept(PathBuf),
    Temporary(PathBuf),
}

impl Database {
    /// Opens `path`, or a new temporary file. `fill` is called when the file is empty; otherwise
    /// the file must have been filled with the same `mark`.
    ///
    /// # Errors
    ///
    /// When the file can't be opened, or holds anything but a demo database with this mark.
    pub(crate) fn open(
        path: Option<&Path>,
        mark: &str,
        fill: impl FnOnce(&mut Connection) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let file = path.map_or_else(File::temporary, |path| File::Kept(path.to_owned()));
        let mut connection = connect(file.path())?;
        match read_mark(&connection, file.path())? {
            None => {
                create(&mut connection, mark, fill)?;
            }
            Some(found) if found == mark => {}
            Some(found) => {
                return Err(Fault::new(
                    Code::BadUserInput,
                    format!(
                        "{} holds other data ({found}) than asked for ({mark}): \
                         remove it, or ask for what it holds",
                        file.path().display()
                    ),
                ));
            }
        }
        let idle = Mutex::new(vec![connection]);
        Ok(Self { idle, turns: Semaphore::new(CONNECTIONS), file })
    }

    /// Runs jobs, one after the other, on a thread that may block.
    pub(crate) async fn run(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        statements: Arc<AtomicUsize>,
    ) -> Result<(), Fault> {
        let _turn = self.turns.acquire().await.expect("invariant: the semaphore is never closed");
        let database = self.clone();
        tokio::task::spawn_blocking(move || database.run_here(jobs, &statements))
            .await
            .unwrap_or_else(|panic| Err(Fault::new(Code::Internal, panic.to_string())))
    }

    fn run_here(&self, jobs: Vec<Job>, statements: &AtomicUsize) -> Result<(), Fault> {
        let idle = lock(&self.idle).pop();
        let connection = idle.map_or_else(|| connect(self.file.path()), Ok)?;
        let sql = Sql::new(&connection, statements);
        for job in jobs {
            job(&sql);
        }
        lock(&self.idle).push(connection);
        Ok(())
    }
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    try_connect(path).map_err(|error| {
        Fault::new(Code::BadUserInput, format!("cannot open {}: {error}", path.display()))
    })
}

fn try_connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    // A demo's data may be lost when the machine loses power; SQLite still keeps them consistent
    // when the process dies.
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 256 << 20)?;
    Ok(connection)
}

fn read_mark(connection: &Connection, path: &Path) -> Result<Option<String>, Fault> {
    let foreign = |error: &dyn std::fmt::Display| {
        let message = format!("{} is not a database of this demo: {error}", path.display());
        Fault::new(Code::BadUserInput, message)
    };
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| foreign(&error))?;
    if tables == 0 {
        return Ok(None);
    }
    let mark = connection
        .query_row("SELECT value FROM meta WHERE key = 'seed'", [], |row| row.get(0))
        .optional()
        .map_err(|error| foreign(&error))?;
    mark.map_or_else(|| Err(foreign(&"it has no seed")), |mark| Ok(Some(mark)))
}

/// Writes everything in one transaction, so that an interrupted run leaves an empty file.
fn create(
    connection: &mut Connection,
    mark: &str,
    fill: impl FnOnce(&mut Connection) -> Result<(), Fault>,
) -> Result<(), Fault> {
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.execute_batch("BEGIN")?;
    connection.execute_batch(include_str!("schema.sql"))?;
    fill(connection)?;
    connection.execute_batch(include_str!("indexes.sql"))?;
    connection.execute("INSERT INTO meta VALUES ('seed', ?1)", [mark])?;
    connection.execute_batch("COMMIT")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(())
}

impl File {
    fn temporary() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("tributary-demo-{}-{number}.sqlite", std::process::id());
        let path = std::env::temp_dir().join(name);
        // A process that was killed may have had the same number and left its file.
        remove(&path);
        Self::Temporary(path)
    }

    fn path(&self) -> &Path {
        let (Self::Kept(path) | Self::Temporary(path)) = self;
        path
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if let Self::Temporary(path) = self {
            remove(path);
        }
    }
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // Absent is fine, and a file that can't be removed must not stop the rest.
        let _ = std::fs::remove_file(name);
    }
}
