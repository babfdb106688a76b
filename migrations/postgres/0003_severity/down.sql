DROP TABLE severity_answers;
