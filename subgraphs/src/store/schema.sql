-- Which service owns which tables is said above each group. A service may look ids up in the tables
-- of others (as a foreign key would), and its mutations write what an event would tell the others.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- users
CREATE TABLE users (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL, bio TEXT NOT NULL,
    kind TEXT NOT NULL, email TEXT NOT NULL, suspended INTEGER NOT NULL, joined_at INTEGER NOT NULL
);

-- posts
CREATE TABLE posts (
    id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    topic TEXT NOT NULL, created_at INTEGER NOT NULL, old_like_count INTEGER NOT NULL
);
CREATE TABLE comments (
    id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, number INTEGER NOT NULL,
    author_id INTEGER NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL
);

-- social
CREATE TABLE follows (
    follower_id INTEGER NOT NULL, followee_id INTEGER NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (follower_id, followee_id)
) WITHOUT ROWID;
CREATE TABLE likes (
    post_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (post_id, user_id)
) WITHOUT ROWID;

-- feed
CREATE TABLE feed_items (
    user_id INTEGER NOT NULL, post_id INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (user_id, post_id)
) WITHOUT ROWID;

-- messages
CREATE TABLE participants (
    handle TEXT NOT NULL, conversation_id INTEGER NOT NULL,
    PRIMARY KEY (handle, conversation_id)
) WITHOUT ROWID;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, sender_handle TEXT NOT NULL,
    sender_name TEXT NOT NULL, text TEXT NOT NULL, sent_at INTEGER NOT NULL
);

-- notifications
CREATE TABLE notifications (
    id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, kind TEXT NOT NULL, actor_id INTEGER NOT NULL,
    post_id INTEGER, comment_number INTEGER, conversation_id INTEGER,
    at INTEGER NOT NULL, read INTEGER NOT NULL
);
