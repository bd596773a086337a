"""The forum's tables. Times are seconds since 1970 in the one time zone of the sites' world."""

from __future__ import annotations

from typing import Final

# Scores are counts of votes, of which the vote tables know the voters by name only in part: the rest voted before the story begins.
SCHEMA: Final = """
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    bio TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    front_page TEXT NOT NULL DEFAULT 'default',
    front_sort TEXT NOT NULL DEFAULT 'hot',
    thumbnails INTEGER NOT NULL DEFAULT 1,
    new_tab INTEGER NOT NULL DEFAULT 0,
    night INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 1,
    notify INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE forum (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    sidebar TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    featured INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tag (forum_id INTEGER NOT NULL REFERENCES forum ON DELETE CASCADE, name TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (forum_id, name)) WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name);
CREATE TABLE moderator (
    forum_id INTEGER NOT NULL REFERENCES forum ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES user, since INTEGER NOT NULL,
    PRIMARY KEY (forum_id, user_id)
) WITHOUT ROWID;
CREATE TABLE subscription (
    user_id INTEGER NOT NULL REFERENCES user, forum_id INTEGER NOT NULL REFERENCES forum ON DELETE CASCADE, PRIMARY KEY (user_id, forum_id)
) WITHOUT ROWID;
CREATE INDEX subscription_forum ON subscription (forum_id);
CREATE TABLE hidden_forum (
    user_id INTEGER NOT NULL REFERENCES user, forum_id INTEGER NOT NULL REFERENCES forum ON DELETE CASCADE, PRIMARY KEY (user_id, forum_id)
) WITHOUT ROWID;
CREATE TABLE block (
    user_id INTEGER NOT NULL REFERENCES user, blocked_id INTEGER NOT NULL REFERENCES user, note TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL, PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;
CREATE TABLE picture (name TEXT PRIMARY KEY, scene TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    forum_id INTEGER NOT NULL REFERENCES forum,
    user_id INTEGER NOT NULL REFERENCES user,
    title TEXT NOT NULL,
    url TEXT,
    body TEXT NOT NULL DEFAULT '',
    image TEXT,
    created INTEGER NOT NULL,
    edited INTEGER,
    ups INTEGER NOT NULL DEFAULT 1,
    downs INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL,
    sticky INTEGER NOT NULL DEFAULT 0,
    locked INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    theme TEXT NOT NULL DEFAULT '',
    net INTEGER GENERATED ALWAYS AS (ups - downs) VIRTUAL,
    ranking INTEGER NOT NULL DEFAULT 0,
    quarrel INTEGER GENERATED ALWAYS AS (CASE WHEN ups + downs = 0 THEN 0 ELSE 1000 * min(ups, downs) * min(ups, downs) / (ups + downs) END) VIRTUAL
);
CREATE INDEX submission_forum ON submission (forum_id, created);
CREATE INDEX submission_user ON submission (user_id);
CREATE INDEX submission_ranking ON submission (ranking, id);
CREATE INDEX submission_created ON submission (created, id);
CREATE INDEX submission_active ON submission (active, id);
CREATE INDEX submission_net ON submission (net, id);
CREATE INDEX submission_comments ON submission (comments, id);
CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    submission_id INTEGER NOT NULL REFERENCES submission ON DELETE CASCADE,
    parent_id INTEGER REFERENCES comment,
    user_id INTEGER NOT NULL REFERENCES user,
    body TEXT NOT NULL,
    created INTEGER NOT NULL,
    edited INTEGER,
    ups INTEGER NOT NULL DEFAULT 1,
    downs INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    theme TEXT NOT NULL DEFAULT '',
    net INTEGER GENERATED ALWAYS AS (ups - downs) VIRTUAL
);
CREATE INDEX comment_submission ON comment (submission_id, id);
CREATE INDEX comment_user ON comment (user_id);
CREATE INDEX comment_parent ON comment (parent_id);
CREATE TABLE submission_vote (
    submission_id INTEGER NOT NULL REFERENCES submission ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES user,
    choice INTEGER NOT NULL CHECK (choice IN (-1, 1)), PRIMARY KEY (user_id, submission_id)
) WITHOUT ROWID;
CREATE TABLE comment_vote (
    comment_id INTEGER NOT NULL REFERENCES comment ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES user,
    choice INTEGER NOT NULL CHECK (choice IN (-1, 1)), PRIMARY KEY (user_id, comment_id)
) WITHOUT ROWID;
CREATE TABLE thread (
    id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES user, receiver_id INTEGER NOT NULL REFERENCES user
);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL REFERENCES thread, user_id INTEGER NOT NULL REFERENCES user,
    body TEXT NOT NULL, created INTEGER NOT NULL
);
CREATE INDEX message_thread ON message (thread_id);
CREATE TABLE notification (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user,
    comment_id INTEGER REFERENCES comment ON DELETE CASCADE,
    message_id INTEGER REFERENCES message ON DELETE CASCADE
);
CREATE INDEX notification_user ON notification (user_id);
CREATE TABLE wiki (path TEXT PRIMARY KEY COLLATE NOCASE, title TEXT NOT NULL, body TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES user, edited INTEGER NOT NULL);
CREATE VIRTUAL TABLE submission_words USING fts5 (title, body, content='submission', content_rowid='id');
CREATE VIRTUAL TABLE comment_words USING fts5 (body, content='comment', content_rowid='id');
"""

# Kept by triggers, so that no handler can forget them. Made after the data, which the indexes then take in one go.
TRIGGERS: Final = """
CREATE TRIGGER submission_added AFTER INSERT ON submission BEGIN
    INSERT INTO submission_words (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER submission_changed AFTER UPDATE OF title, body ON submission BEGIN
    INSERT INTO submission_words (submission_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
    INSERT INTO submission_words (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER comment_added AFTER INSERT ON comment BEGIN
    INSERT INTO comment_words (rowid, body) VALUES (new.id, new.body);
    UPDATE submission SET comments = comments + 1, active = max(active, new.created) WHERE id = new.submission_id;
END;
CREATE TRIGGER comment_changed AFTER UPDATE OF body ON comment BEGIN
    INSERT INTO comment_words (comment_words, rowid, body) VALUES ('delete', old.id, old.body);
    INSERT INTO comment_words (rowid, body) VALUES (new.id, new.body);
END;
CREATE TRIGGER comment_hidden AFTER UPDATE OF deleted ON comment WHEN new.deleted AND NOT old.deleted BEGIN
    UPDATE submission SET comments = comments - 1 WHERE id = new.submission_id;
END;
CREATE TRIGGER submission_ranked AFTER UPDATE OF ups, downs, comments ON submission BEGIN
    UPDATE submission SET ranking = {ranking} WHERE id = new.id;
END;
CREATE TRIGGER submission_first_ranked AFTER INSERT ON submission BEGIN
    UPDATE submission SET ranking = {ranking} WHERE id = new.id;
END;
INSERT INTO submission_words (submission_words) VALUES ('rebuild');
INSERT INTO comment_words (comment_words) VALUES ('rebuild');
UPDATE submission SET ranking = {ranking};
"""

# What is hot: new things, held up for some hours by each vote and each comment, for some days at most.
_RANKING: Final = "created + 1200 * max(-120, min(ups - downs, 240)) + 600 * min(comments, 60)"


def triggers() -> str:
    """The statements that come after the data."""
    return TRIGGERS.replace("{ranking}", _RANKING)
