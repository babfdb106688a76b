DROP TABLE timeline_corrections;
DROP TABLE timeline_attachments;
DROP TABLE timeline_pins;
