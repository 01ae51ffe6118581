//! Local and remote signers, on and off the runtime.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::Method;
use wechatpay_core::{
    BoxError,
    sign::{LocalSigner, RequestSigner, SignError, SignFuture, Signer, SigningMessage},
    testing::DemoKey,
    types::SerialNumber,
};

use super::{MCHID, SERIAL, local, message, poll_once, public, request_signer, verifies};
use crate::support::providers;

#[tokio::test]
async fn signing_in_place_and_on_a_blocking_thread_is_the_same() {
    for (name, provider) in providers() {
        let signer = local(provider.as_ref());
        let inline = signer.clone().spawn_blocking(false);
        let Poll::Ready(here) = poll_once(inline.sign(message())) else {
            panic!("{name}: an inline signature is there at once");
        };
        let there = signer.spawn_blocking(true).sign(message()).await.unwrap();
        assert_eq!(here.unwrap(), there, "{name}");
    }
}

#[test]
fn without_a_runtime_signing_happens_in_place() {
    for (name, provider) in providers() {
        for spawn_blocking in [true, false] {
            let signer = local(provider.as_ref()).spawn_blocking(spawn_blocking);
            assert!(
                matches!(poll_once(signer.sign(message())), Poll::Ready(Ok(_))),
                "{name}"
            );
            let signer = request_signer(signer);
            let authorized = poll_once(signer.authorize(&Method::GET, "/v3/x", Bytes::new()));
            assert!(matches!(authorized, Poll::Ready(Ok(_))), "{name}");
        }
    }
}

#[test]
fn a_slow_backend_leaves_the_async_worker_by_default() {
    for (name, provider) in providers() {
        let shown = format!("{:?}", local(provider.as_ref()));
        assert_eq!(
            shown.contains("spawn_blocking: true"),
            provider.signs_slowly(),
            "{name}: {shown}"
        );
    }
}

#[test]
fn a_stopped_runtime_is_an_error_and_not_a_panic() {
    for (name, provider) in providers() {
        let signer = local(provider.as_ref()).spawn_blocking(true);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_background();
        let entered = handle.enter();
        let outcome = poll_once(signer.sign(message()));
        drop(entered);
        assert!(
            matches!(outcome, Poll::Ready(Err(SignError::Shutdown) | Ok(_))),
            "{name}: {outcome:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_signatures_at_once_all_verify() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        for spawn_blocking in [true, false] {
            let signer = RequestSigner::new(
                MCHID.parse().unwrap(),
                Arc::new(local(provider.as_ref()).spawn_blocking(spawn_blocking)),
            );
            let tasks: Vec<_> = (0..100)
                .map(|number| {
                    let signer = signer.clone();
                    tokio::spawn(async move {
                        let path = format!("/v3/{number}");
                        let authorization =
                            signer.authorize(&Method::GET, &path, Bytes::new()).await.unwrap();
                        (path, authorization)
                    })
                })
                .collect();
            for task in tasks {
                let (path, made) = task.await.unwrap();
                let message = format!("GET\n{path}\n{}\n{}\n\n", made.timestamp, made.nonce);
                assert!(
                    verifies(key.as_ref(), message.as_bytes(), &made.signature),
                    "{name}: {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_dropped_signature_future_does_no_harm() {
    for (name, provider) in providers() {
        let signer = request_signer(local(provider.as_ref()).spawn_blocking(true));
        let mut given_up = Box::pin(signer.authorize(&Method::GET, "/v3/x", Bytes::new()));
        let _ = given_up.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        drop(given_up);
        assert!(
            signer
                .authorize(&Method::GET, "/v3/x", Bytes::new())
                .await
                .is_ok(),
            "{name}"
        );
    }
}

/// Remote signer.
#[derive(Debug)]
struct Remote {
    serial: SerialNumber,
    key: Result<LocalSigner, &'static str>,
}

impl Signer for Remote {
    fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    fn sign(&self, message: SigningMessage) -> SignFuture {
        let key = self.key.clone();
        SignFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            match key {
                Ok(key) => key.sign(message).await,
                Err(why) => Err(SignError::Remote(BoxError::from(why))),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_remote_signer_signs_like_a_local_one() {
    for (name, provider) in providers() {
        let key = local(provider.as_ref());
        let serial: SerialNumber = SERIAL.parse().unwrap();
        let remote = Remote {
            serial: serial.clone(),
            key: Ok(key.clone()),
        };
        assert!(
            remote.decrypt(b"x").is_err(),
            "{name}: the default signer decrypts nothing"
        );
        let path = "/v3/certificates";
        let there = request_signer(remote)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap();
        let here = request_signer(key)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap();
        assert_eq!(there, here, "{name}");

        let broken = Remote {
            serial,
            key: Err("the vault is sealed"),
        };
        let error = request_signer(broken)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "the vault is sealed", "{name}");
        assert!(
            !error.to_string().contains("vault"),
            "{name}: a cause is said once"
        );
    }
}

#[test]
fn a_signer_decrypts_what_was_encrypted_to_its_certificate() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        let signer = local(provider.as_ref());
        for text in ["", "张三", &"x".repeat(214)] {
            let ciphertext = key.encrypt(text.as_bytes()).unwrap();
            assert_eq!(
                signer.decrypt(&ciphertext).unwrap().as_slice(),
                text.as_bytes(),
                "{name}"
            );
            let mut bent = ciphertext;
            bent[100] ^= 1;
            assert!(signer.decrypt(&bent).is_err(), "{name}");
        }
        assert!(key.encrypt(&[0; 215]).is_err(), "{name}");
        let strange = public(provider.as_ref(), DemoKey::Stranger)
            .encrypt(b"x")
            .unwrap();
        assert!(signer.decrypt(&strange).is_err(), "{name}");
        for length in [0, 1, 255, 257] {
            assert!(signer.decrypt(&vec![7; length]).is_err(), "{name}: {length}");
        }
    }
}
