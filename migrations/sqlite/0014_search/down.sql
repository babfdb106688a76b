DROP TABLE search_grams;
DROP TABLE search_progress;
DROP TABLE search_documents;
