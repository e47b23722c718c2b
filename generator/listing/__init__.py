"""What a run is asked for, made into single videos: channels, playlists, files of ids."""
