<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

/**
 * Somebody who visits the site over HTTP, with cookies.
 */
final class Browser
{
    /** @var resource|\CurlHandle */
    private $handle;
    public int $status = 0;

    public function __construct()
    {
        $this->handle = curl_init();
        curl_setopt_array($this->handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_FOLLOWLOCATION => true, CURLOPT_COOKIEFILE => '',
            CURLOPT_TIMEOUT => 30, CURLOPT_PROXY => '']);
    }

    public function logIn(string $user): self
    {
        $this->get('/wp-login.php');
        $this->post('/wp-login.php', ['log' => $user, 'pwd' => "$user-password", 'testcookie' => '1']);
        return $this;
    }

    public function get(string $path): string
    {
        curl_setopt_array($this->handle, [CURLOPT_URL => WordpressSite::get()->url . $path, CURLOPT_HTTPGET => true, CURLOPT_HTTPHEADER => []]);
        return $this->send();
    }

    /** @param array<string, mixed>|string $fields @param string[] $headers */
    public function post(string $path, $fields, array $headers = []): string
    {
        curl_setopt_array($this->handle, [CURLOPT_URL => WordpressSite::get()->url . $path, CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => is_array($fields) ? http_build_query($fields) : $fields, CURLOPT_HTTPHEADER => $headers]);
        return $this->send();
    }

    private function send(): string
    {
        $body = (string) curl_exec($this->handle);
        $this->status = (int) curl_getinfo($this->handle, CURLINFO_RESPONSE_CODE);
        return $body;
    }

    /** What a browser would post of the form with that text in its tag. @return array<string, string> */
    public static function form(string $page, string $mark): array
    {
        $document = new \DOMDocument();
        @$document->loadHTML('<?xml encoding="utf-8"?>' . $page);
        foreach ($document->getElementsByTagName('form') as $form) {
            if (strpos((string) $document->saveHTML($form->cloneNode()), $mark) === false) {
                continue;
            }
            $fields = [];
            foreach ($form->getElementsByTagName('input') as $input) {
                $isBox = $input->getAttribute('type') === 'checkbox';
                if ($input->getAttribute('name') !== '' && (!$isBox || $input->hasAttribute('checked'))) {
                    $fields[$input->getAttribute('name')] = $input->getAttribute('value');
                }
            }
            return $fields;
        }
        throw new \RuntimeException("no form with $mark");
    }
}
