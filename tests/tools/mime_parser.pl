#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# mime_parser.pl < MESSAGES: what Perl's MIME::Parser makes of messages. Each comes as a line with its
# length and so many octets; for each a line of JSON goes out, as tests/parsers.py has it.

use strict;
use warnings;

use JSON::PP;
use MIME::Base64;
use MIME::Parser;
use MIME::WordDecoder;
use Mail::Address;

$| = 1;
$SIG{__WARN__} = sub { warn @_ if $_[0] !~ m{MIME/Decoder/} }; # of an empty body
my $parser = MIME::Parser->new;
$parser->output_to_core(1);
$parser->tmp_to_core(1);

# Header fields come folded.
sub field {
    my ($head, $name) = @_;
    my $text = $head->get($name);
    return undef if !defined $text;
    $text =~ s/\r?\n(?=[ \t])//g;
    $text =~ s/[\r\n]+\z//;
    return $text;
}

# A phrase, without the quotes and backslashes that it is written with.
sub name {
    my ($phrase) = @_;
    return mime_to_perl_string($phrase) if $phrase !~ /^"(.*)"$/s;
    my $quoted = $1;
    $quoted =~ s/\\(.)/$1/gs;
    return $quoted;
}

sub mailboxes {
    my ($head, $name) = @_;
    my $text = field($head, $name);
    return [] if !defined $text;
    return [map { [name($_->phrase), $_->address] } Mail::Address->parse($text)];
}

sub tree {
    my ($entity) = @_;
    return [$entity->mime_type, map { tree($_) } $entity->parts] if $entity->is_multipart;
    my $head = $entity->head;
    my $name = $head->mime_attr('content-disposition.filename');
    return {
        type => $entity->mime_type,
        disposition => $head->mime_attr('content-disposition') || undef,
        id => field($head, 'Content-ID'),
        name => defined $name ? mime_to_perl_string($name) : undef, # so it gives names by RFC 2231
        octets => encode_base64($entity->bodyhandle->as_string, ''),
    };
}

while (my $length = <STDIN>) {
    my $octets = '';
    read(STDIN, $octets, $length) == $length or die 'cut off';
    my $entity = $parser->parse_data($octets);
    my $head = $entity->head;
    my $subject = field($head, 'Subject') // '';
    $subject =~ s/^ //;
    print encode_json({
        errors => [$parser->results->errors],
        from => mailboxes($head, 'From'),
        sender => mailboxes($head, 'Sender'),
        to => mailboxes($head, 'To'),
        cc => mailboxes($head, 'Cc'),
        reply_to => mailboxes($head, 'Reply-To'),
        subject => mime_to_perl_string($subject),
        id => field($head, 'Message-ID'),
        tree => tree($entity),
    }), "\n";
}
