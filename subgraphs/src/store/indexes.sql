-- Made after the rows are in: sorting once is much faster than keeping a tree in order.
CREATE UNIQUE INDEX users_by_handle ON users (handle);
CREATE INDEX posts_by_author ON posts (author_id);
CREATE INDEX posts_by_topic ON posts (topic);
CREATE UNIQUE INDEX comments_by_post ON comments (post_id, number);
CREATE INDEX follows_by_followee ON follows (followee_id, follower_id);
CREATE INDEX participants_by_conversation ON participants (conversation_id);
CREATE INDEX messages_by_conversation ON messages (conversation_id);
CREATE INDEX notifications_by_user ON notifications (user_id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read = 0;
